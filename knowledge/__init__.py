"""What the office knows, and how to find it."""

import os

# One question multiplies small tables: waiting for a second thread takes longer than the work (measured: 33 ms of
# processor time a question against 15). Has to be said before numpy is first imported; a setting of one's own stands.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
