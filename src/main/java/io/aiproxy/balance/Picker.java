package io.aiproxy.balance;

import io.aiproxy.call.Call;
import java.util.List;

/** Chooses who is asked. Safe for all threads. */
interface Picker {
  /**
   * Chooses one.
   *
   * @param candidates who may be asked now, of one priority; at least one
   */
  Member pick(Call call, List<Member> candidates);
}
