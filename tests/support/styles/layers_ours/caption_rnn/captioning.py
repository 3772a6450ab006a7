import numpy as np


class CaptionNet:
    """Image features set the first hidden state of an RNN that writes a caption."""

    def __init__(self, feat, vocab, wordvec, hidden, null=0, dtype=np.float64):
        self.null = null
        rn = np.random.randn
        self.params = {
            "W_proj": rn(feat, hidden) / np.sqrt(feat),
            "b_proj": np.zeros(hidden),
            "W_embed": rn(vocab, wordvec) / 100,
            "Wx": rn(wordvec, hidden) / np.sqrt(wordvec),
            "Wh": rn(hidden, hidden) / np.sqrt(hidden),
            "b": np.zeros(hidden),
            "W_vocab": rn(hidden, vocab) / np.sqrt(hidden),
            "b_vocab": np.zeros(vocab),
        }
        for k, v in self.params.items():
            self.params[k] = v.astype(dtype)

    def loss(self, features, captions):
        """features (N, F), captions (N, T + 1) of integers; returns loss, grads."""
        P = self.params
        words_in = captions[:, :-1]
        words_out = captions[:, 1:]
        mask = words_out != self.null
        N, T = words_in.shape
        H = P["b"].shape[0]
        V = P["b_vocab"].shape[0]

        # forward
        h0 = features @ P["W_proj"] + P["b_proj"]
        emb = P["W_embed"][words_in]
        h = np.zeros((N, T, H))
        prev = h0
        for t in range(T):
            prev = np.tanh(emb[:, t] @ P["Wx"] + prev @ P["Wh"] + P["b"])
            h[:, t] = prev
        scores = h @ P["W_vocab"] + P["b_vocab"]
        shifted = scores - scores.max(axis=2, keepdims=True)
        logp = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
        picked = np.take_along_axis(logp, words_out[:, :, None], axis=2)[:, :, 0]
        loss = -(picked * mask).sum() / N

        # backward
        grads = {k: np.zeros_like(v) for k, v in P.items()}
        dscores = np.exp(logp)
        dscores[np.arange(N)[:, None], np.arange(T), words_out] -= 1
        dscores *= mask[:, :, None] / N
        grads["W_vocab"] = h.reshape(N * T, H).T @ dscores.reshape(N * T, V)
        grads["b_vocab"] = dscores.sum(axis=(0, 1))
        dh = dscores @ P["W_vocab"].T

        demb = np.zeros_like(emb)
        dprev = np.zeros((N, H))
        for t in range(T - 1, -1, -1):
            da = (dh[:, t] + dprev) * (1 - h[:, t] ** 2)
            before = h[:, t - 1] if t > 0 else h0
            grads["Wx"] += emb[:, t].T @ da
            grads["Wh"] += before.T @ da
            grads["b"] += da.sum(axis=0)
            demb[:, t] = da @ P["Wx"].T
            dprev = da @ P["Wh"].T

        np.add.at(grads["W_embed"], words_in, demb)
        grads["W_proj"] = features.T @ dprev
        grads["b_proj"] = dprev.sum(axis=0)
        return loss, grads
