"""A Streamlit page that counts ResNet50's parameters by building it with tf.keras each time.

The straightforward way: no cache, and the session cleared first so that memory does not grow.
"""

import keras
import streamlit as st
from keras import layers


def block(x, filters, strides, projected):
    shortcut = x
    if projected:
        shortcut = layers.Conv2D(4 * filters, 1, strides)(x)
        shortcut = layers.BatchNormalization()(shortcut)
    x = layers.Conv2D(filters, 1, strides)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(filters, 3, padding="same")(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Conv2D(4 * filters, 1)(x)
    x = layers.BatchNormalization()(x)
    return layers.ReLU()(layers.Add()([shortcut, x]))


def resnet50(first_filters):
    inputs = keras.Input((224, 224, 3))
    x = layers.ZeroPadding2D(3)(inputs)
    x = layers.Conv2D(64, 7, 2)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.MaxPooling2D(3, 2, padding="same")(x)
    for group, (filters, blocks) in enumerate([(first_filters, 3), (128, 4), (256, 6), (512, 3)]):
        for number in range(blocks):
            x = block(x, filters, 2 if group and not number else 1, projected=not number)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(1000, activation="softmax")(x))


filters = st.slider("Filters", 1, 512, 64)
keras.backend.clear_session()
st.metric("Parameters", f"{resnet50(filters).count_params():,}")
