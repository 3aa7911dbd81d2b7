"""Customer Patterns: what customers do, what goes together, and how sure we are."""

import os

# Arrow's own allocator keeps what it no longer needs, 200 MB after ten million lines. Which one it uses is asked once,
# when it is read in; whoever has chosen one keeps it.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

__version__ = "0.1.0"
