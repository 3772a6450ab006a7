import numpy as np


def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


class KLDiv:
    """mean over rows of KL(softmax(a) || softmax(b))"""

    def forward(self, a, b):
        self.p, self.q = softmax(a), softmax(b)
        self.log_ratio = np.log(self.p) - np.log(self.q)
        self.kl = np.sum(self.p * self.log_ratio, axis=-1, keepdims=True)
        return self.kl.mean()

    def backward(self):
        n = len(self.p)
        da = self.p * (self.log_ratio - self.kl)
        db = self.q - self.p
        return da / n, db / n


def distill(student, teacher, labels, temp=2.0, lam=0.5):
    """lam * T^2 * KL(teacher || student at temperature T) + (1 - lam) * CE(student)"""
    n = student.shape[0]
    pt = softmax(teacher / temp)
    ps = softmax(student / temp)
    soft = np.sum(pt * (np.log(pt) - np.log(ps))) / n
    p1 = softmax(student)
    hard = -np.log(p1[range(n), labels]).mean()
    loss = lam * temp ** 2 * soft + (1 - lam) * hard

    dsoft = (ps - pt) / (temp * n)
    dhard = p1.copy()
    dhard[range(n), labels] -= 1.0
    dhard /= n
    return loss, lam * temp ** 2 * dsoft + (1 - lam) * dhard


def gauss_kl(mu, logvar):
    n = mu.shape[0]
    loss = -0.5 * np.sum(1 + logvar - mu ** 2 - np.exp(logvar)) / n
    dmu = mu / n
    dlogvar = 0.5 * (np.exp(logvar) - 1) / n
    return loss, dmu, dlogvar
