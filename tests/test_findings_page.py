"""The page of findings is what the shipped features say."""

import burdenlab as bl
from tests.make_findings import PAGE, measure, page


def test_the_page_is_made_of_the_features():
    features = bl.read_features()
    assert PAGE.read_text("utf-8") == page(features, measure(features))
