package io.aiproxy.balance;

import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Instance;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.testing.ScriptedBody;
import io.aiproxy.testing.Settings;
import java.util.ArrayList;
import java.util.List;

/** Instances for tests, named a, b, c and so on. */
final class Fleet {
  static final AiProxy SETTINGS = Settings.of("{'provider':'openai','auth':{}}");
  static final Handler SILENT = call -> new Reply(200, Headers.NONE, ScriptedBody.of());

  private Fleet() {}

  static List<Member> of(Ticker ticker, int... weights) {
    List<Member> members = new ArrayList<>();
    for (int weight : weights) {
      members.add(new Member(
          new Instance(String.valueOf((char) ('a' + members.size())), weight, 0, SETTINGS),
          SILENT,
          ticker));
    }
    return members;
  }
}
