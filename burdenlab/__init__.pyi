from .coding.codebook import Codebook as Codebook
from .coding.codebook import load_codebook as load_codebook
from .coding.concordance import examples as examples
from .coding.concordance import kwic as kwic
from .coding.hits import find_hits as find_hits
from .loaders.cleaning import raw_span as raw_span
from .loaders.cleaning import undo_edits as undo_edits
from .loaders.compilations import find_compilations as find_compilations
from .loaders.documents import read_documents as read_documents
from .loaders.limits import Limits as Limits
from .loaders.noise import RULES as RULES
from .loaders.noise import Rule as Rule
from .loaders.project import project_path as project_path
from .loaders.script import FOLD_SCRIPT as FOLD_SCRIPT
from .loaders.sections import split_sections as split_sections
from .loaders.seed import find_seed as find_seed
from .loaders.seed import read_seed as read_seed
from .loaders.sentences import split_sentences as split_sentences
from .loaders.tokens import tokenize as tokenize
from .metrics.rates import group_variables as group_variables
from .metrics.rates import theme_rates as theme_rates
from .study import Corpus as Corpus
from .study import code_corpus as code_corpus
from .study import load_corpus as load_corpus
from .study import open_corpus as open_corpus
from .tables import check_table as check_table

__version__: str
