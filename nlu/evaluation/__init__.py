"""What a model is worth: for `nlu/evaluate.py`, `nlu/report.py` and, before models are exchanged, `nlu/train.py`."""
