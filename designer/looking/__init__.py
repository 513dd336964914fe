"""Into a trained model: what it says of an example, and how it comes to say it.

``packing`` and ``drawn`` are for any process; everything else imports TensorFlow and is for
workers (jobs of ``designer.engine.jobs``).
"""
