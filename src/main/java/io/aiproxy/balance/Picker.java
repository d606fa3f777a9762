package io.aiproxy.balance;

import io.aiproxy.call.Call;

/** Chooses who is asked. Safe for all threads. */
@FunctionalInterface
interface Picker {
  /**
   * Begins to choose for one request.
   *
   * @throws io.aiproxy.call.Problem if nobody can serve it, whoever is well
   */
  Choice begin(Call call);
}
