import numpy as np


class SmoothCrossEntropy:
    """
    Cross-entropy on logits. With smoothing e the target is
    (1 - e) * onehot + e / K. Rows labelled ignore_index do not count;
    the loss is the weighted mean over the others.
    """

    def __init__(self, n_classes, smoothing=0.0, class_weight=None, ignore_index=-1):
        self.K = n_classes
        self.smoothing = smoothing
        self.class_weight = np.ones(n_classes) if class_weight is None else class_weight
        self.ignore_index = ignore_index

    def forward(self, logits, labels):
        valid = labels != self.ignore_index
        safe = np.where(valid, labels, 0)
        rows = np.arange(len(labels))

        shifted = logits - logits.max(axis=1, keepdims=True)
        logp = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))

        target = np.full(logits.shape, self.smoothing / self.K)
        target[rows, safe] += 1.0 - self.smoothing
        w = self.class_weight[safe] * valid

        self.p, self.target, self.w = np.exp(logp), target, w
        per_row = -(target * logp).sum(axis=1)
        return (w * per_row).sum() / w.sum()

    def backward(self):
        scale = self.w / self.w.sum()
        return (self.p - self.target) * scale[:, None]
