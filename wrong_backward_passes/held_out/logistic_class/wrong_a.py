import numpy as np


class LogisticRegression:
    """Binary logistic regression with labels in {0, 1}."""

    def __init__(self, n_features, seed=0):
        rng = np.random.RandomState(seed)
        self.coef_ = 0.01 * rng.randn(n_features)
        self.intercept_ = 0.0

    def decision_function(self, X):
        return X.dot(self.coef_) + self.intercept_

    def predict_proba(self, X):
        return 1.0 / (1.0 + np.exp(-self.decision_function(X)))

    def loss(self, X, y):
        p = self.predict_proba(X)
        return -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))

    def gradient(self, X, y):
        p = self.predict_proba(X)
        residual = (p - y) * p * (1 - p)
        d_coef = X.T.dot(residual) / len(y)
        d_intercept = residual.mean()
        return d_coef, d_intercept

    def fit(self, X, y, lr=0.1, epochs=100):
        for _ in range(epochs):
            d_coef, d_intercept = self.gradient(X, y)
            self.coef_ = self.coef_ - lr * d_coef
            self.intercept_ = self.intercept_ - lr * d_intercept
        return self


if __name__ == "__main__":
    rng = np.random.RandomState(1)
    X = rng.randn(50, 3)
    y = (X[:, 0] - X[:, 1] > 0).astype(float)
    model = LogisticRegression(3).fit(X, y)
    print(model.loss(X, y))
