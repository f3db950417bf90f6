"""Adherence: do generated motions do what the sentence says?"""
