"""Uploads: files that are brought along, in parts and in any order, and become datasets."""
