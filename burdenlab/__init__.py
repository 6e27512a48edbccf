"""burdenlab: quantify the themes of Chinese official reports about grassroots burden.

Every name below is loaded when it is first used, so that importing the package costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
