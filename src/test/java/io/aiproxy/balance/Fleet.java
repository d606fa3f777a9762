package io.aiproxy.balance;

import io.aiproxy.call.Handler;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.config.ActiveCheck;
import io.aiproxy.config.AiProxy;
import io.aiproxy.config.Instance;
import io.aiproxy.config.Semantic;
import io.aiproxy.embedding.Embedder;
import io.aiproxy.ledger.Ticker;
import io.aiproxy.testing.ScriptedBody;
import io.aiproxy.testing.Settings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Instances for tests, named a, b, c and so on. */
final class Fleet {
  static final AiProxy SETTINGS = Settings.of("{'provider':'openai','auth':{}}");
  static final Handler SILENT = call -> new Reply(200, Headers.NONE, ScriptedBody.of());

  private Fleet() {}

  /** A check as configuration says it. */
  static ActiveCheck check(String active) {
    return watched("{}", "http://127.0.0.1:1", active).check().orElseThrow();
  }

  /** An instance that is checked. */
  static Instance watched(String auth, String endpoint, String active) {
    return Settings.configuration("""
            {'uri':'/*','plugins':{'ai-proxy-multi':{'instances':[{'name':'a','weight':1,'provider':'openai',
            'auth':%s,'override':{'endpoint':'%s'},'checks':{'active':%s}}]}}}
            """.formatted(auth, endpoint, active))
        .routes()
        .get(0)
        .instances()
        .get(0);
  }

  /** By that clock, with chance that is the same each time; attempts run beside others on threads of their own. */
  static Services services(Ticker ticker) {
    Random random = new Random(42);
    return new Services(
        ticker,
        () -> Instant.EPOCH,
        () -> random,
        task -> new Thread(task, "beside").start(),
        Fleet::nobody);
  }

  /** Makes no vectors. */
  static Embedder nobody(Semantic semantic) {
    throw new IllegalArgumentException("nobody makes vectors here");
  }

  static List<Member> of(Ticker ticker, int... weights) {
    List<Member> members = new ArrayList<>();
    for (int weight : weights) {
      members.add(member(members.size(), weight, SETTINGS, ticker));
    }
    return members;
  }

  /** Instances of the same weight that list these models, each written with commas. */
  static List<Member> serving(String... models) {
    List<Member> members = new ArrayList<>();
    for (String listed : models) {
      String plugin = "{'provider':'openai','auth':{},'models':['%s']}"
          .formatted(String.join("','", listed.split(",", -1)));
      members.add(member(members.size(), 1, Settings.of(plugin), Ticker.SYSTEM));
    }
    return members;
  }

  private static Member member(int number, int weight, AiProxy settings, Ticker ticker) {
    return new Member(
        new Instance(String.valueOf((char) ('a' + number)), weight, 0, settings),
        SILENT,
        new Health("an instance", () -> Instant.EPOCH),
        Optional.empty(),
        ticker);
  }
}
