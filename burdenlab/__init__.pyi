from .loaders.cleaning import raw_span as raw_span
from .loaders.cleaning import undo_edits as undo_edits
from .loaders.documents import Limits as Limits
from .loaders.documents import read_documents as read_documents
from .loaders.sections import split_sections as split_sections
from .loaders.sentences import split_sentences as split_sentences
from .loaders.tokens import tokenize as tokenize
from .tables import check_table as check_table
