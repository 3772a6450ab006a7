import numpy as np


def softmax(z, axis=-1):
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


def softmax_backward(dp, p):
    """Vector-Jacobian product of softmax over the last axis."""
    inner = np.sum(dp * p, axis=-1, keepdims=True)
    return p * (dp - inner)


def reverse_kl(student, teacher):
    """KL(student || teacher), summed; both are logits. Gradient for both."""
    p, q = softmax(student), softmax(teacher)
    log_ratio = np.log(p) - np.log(q)
    loss = np.sum(p * log_ratio)
    dstudent = softmax_backward(log_ratio + 1.0, p)
    dteacher = softmax_backward(-p / q, q)
    return loss, dstudent, dteacher


def distillation_loss(student, teacher, labels, T=2.0, alpha=0.5):
    """
    alpha * T^2 * KL(teacher_T || student_T) + (1 - alpha) * CE(labels, student),
    both averaged over the batch. The teacher is fixed.
    """
    n = student.shape[0]
    q = softmax(teacher / T)
    p_T = softmax(student / T)
    p = softmax(student)
    kl = np.sum(q * (np.log(q) - np.log(p_T))) / n
    ce = -np.mean(np.log(p[np.arange(n), labels]))
    loss = alpha * T ** 2 * kl + (1 - alpha) * ce

    dsoft = (p_T - q) / T / n
    dhard = p.copy()
    dhard[np.arange(n), labels] -= 1
    dhard /= n
    return loss, alpha * T ** 2 * dsoft + (1 - alpha) * dhard
