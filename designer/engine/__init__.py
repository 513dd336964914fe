"""Where work that needs TensorFlow is done: worker processes behind one small door.

    engine = LocalEngine()
    engine.warm()                                  # start the workers ahead of need
    engine.submit("check", design=design.to_dict()).result()
    run = engine.train(design, settings)           # the run's id; follow it in the run store
    token = engine.exports.ask(job, …)             # an export waits its turn; look, give_up

Another engine (a cluster) needs the same three methods, ``exports`` and ``close``.
"""

from designer.engine.local import LocalEngine
from designer.engine.protocol import WorkerError

__all__ = ["LocalEngine", "WorkerError"]
