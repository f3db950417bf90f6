"""The last step, on the arrays that are written, at their own rate: what must hold exactly."""
