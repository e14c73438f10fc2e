"""How perceptrons are trained, and score images; the face of it is `fewpixels.models.perceptron`.

Begin with `training`, which goes through epochs, and `scoring`. Below them, `blocks` finds the
mistakes of many visits at once, by the compiled loops of `loops`; what these read is given by
`features`, where explicit monomials are few, and else by `rows` of inner products that `kernels`
turn into Gram matrices. `eight_bits` multiplies bytes. `schemes` says which perceptrons tell many
classes apart, and how they decide.
"""
