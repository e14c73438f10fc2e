"""Images: averaged down, cut into replicates, and as models take them.

Begin with `subset`: the images of all replicates that training and predicting work on. `splits`
draws which of the pool's they are, `used` counts these, and `downscale` averages them down, which
is what the study is about. `distort` makes distorted copies, and `copies` hands each replicate
those of its own. `likeness` finds images of a pool that are copies of others, and fresh ones in
another form.
"""
