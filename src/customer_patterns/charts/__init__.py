"""Floor 2: from a finished table to a figure a reader understands. One visual style, drawn with seaborn.

Every shape takes a table and the names of its columns, the finding as ``title``, measure, unit, population and n as
``subtitle``, table and period as ``source``, and returns axes. :func:`describe` gives a figure's words, with the
alternative text; :func:`to_svg` gives the figure.
"""

from customer_patterns.charts.categories import bars, dots
from customer_patterns.charts.description import ChartError, Description
from customer_patterns.charts.drawing import describe, in_language, sentences_of, to_svg
from customer_patterns.charts.histograms import histogram
from customer_patterns.charts.lines import line
from customer_patterns.charts.matrix import heatmap
from customer_patterns.charts.pictures import Picture, read_svg
from customer_patterns.charts.scatter import scatter

__all__ = [
    "ChartError",
    "Description",
    "Picture",
    "bars",
    "describe",
    "dots",
    "heatmap",
    "histogram",
    "in_language",
    "line",
    "read_svg",
    "scatter",
    "sentences_of",
    "to_svg",
]
