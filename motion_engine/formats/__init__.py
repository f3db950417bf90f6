"""Motion files: BVH and ASF/AMC in, BVH out, any known skeleton onto SMPL-X."""
