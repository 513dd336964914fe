"""What the tests of the backend share.

The helpers beside this file (``random_designs``, ``real_models``) are importable from every test
below, because pytest puts this folder on the path. Hypothesis draws the same examples every time
in the normal run; the sweeps marked ``exhaustive`` ask for more by ``max_examples``.
"""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady",
    derandomize=True,
    database=None,
    deadline=None,
    print_blob=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("steady")
