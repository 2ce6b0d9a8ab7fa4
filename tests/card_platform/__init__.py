"""Tests of the card platform: real storage on both databases, no stand-ins for our own parts."""
