"""How networks are trained; the face of it is `fewpixels.models.mlp`.

Begin with `descent`, which trains until it stops. It takes `batches` of images through `layers`,
forwards and back, of all replicates in one tensor; `protocols` says what the published training
and the remedied one do differently.
"""
