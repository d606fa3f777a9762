package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Reply;
import java.util.List;

/** Who is asked for one request: first, and if that one fails, next. For the one thread of its exchange. */
@FunctionalInterface
interface Choice {
  /**
   * Chooses one.
   *
   * @param candidates who may be asked now, of one priority; at least one
   */
  Member pick(List<Member> candidates);

  /** Those of all instances that can serve the request at all, in the same order. */
  default List<Member> able(List<Member> members) {
    return members;
  }

  /** The request as whoever is chosen gets it. */
  default Call asked(Call call) {
    return call;
  }

  /** The reply as the client gets it. */
  default Reply told(Reply reply) {
    return reply;
  }
}
