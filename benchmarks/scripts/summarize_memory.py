"""Prints the most memory that ``summarize`` of VGG16 holds, in bytes, import not counted."""

import tracemalloc

from designer import Design, summarize

summarize(Design.from_template("dnn"))
tracemalloc.start()
summarize(Design.from_template("vgg16")).to_dict()
print(tracemalloc.get_traced_memory()[1])
