"""What a person writes with Keras alone: ``plain_fit.py cnn|dnn ARRAYS.npz EPOCHS [--first]``.

With ``--first`` a word is printed at the first batch and training ends. Else, one JSON object:
``seconds`` from the end of the first epoch, which compiles, to the end of the last, and the last
epoch's ``figures``.
"""

import json
import sys
import time

import keras
import numpy as np
from keras import layers


class SayFirst(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        print("first", logs["loss"], flush=True)
        sys.exit(0)


class Times(keras.callbacks.Callback):
    ends = ()

    def on_epoch_end(self, epoch, logs=None):
        self.ends = (*self.ends[:1], time.perf_counter())


name, file, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])
first = "--first" in sys.argv
arrays = np.load(file)
keras.utils.set_random_seed(0)
if name == "cnn":
    model = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
else:
    model = keras.Sequential(
        [
            keras.Input((10,)),
            layers.Dense(10, activation="relu"),
            layers.Dense(10, activation="relu"),
            layers.Dense(1),
        ]
    )
    model.compile("rmsprop", "mse", metrics=["mae"])
watch = SayFirst() if first else Times()
history = model.fit(
    arrays["x_train"],
    arrays["y_train"],
    batch_size=32,
    epochs=epochs,
    validation_data=(arrays["x_validation"], arrays["y_validation"]),
    verbose=0,
    callbacks=[watch],
)
figures = {key: values[-1] for key, values in history.history.items()}
print(json.dumps({"seconds": watch.ends[1] - watch.ends[0], "figures": figures}))
