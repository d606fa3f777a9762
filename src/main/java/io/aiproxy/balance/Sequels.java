package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Reply;
import io.aiproxy.json.JsonValue;
import io.aiproxy.json.JsonValue.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What goes on with a response that a provider keeps goes to the instance that gave it, since no other one may know it; who
 * gets all else is another picker's to say. The last responses are remembered, as long as the configuration lasts.
 */
final class Sequels implements Picker {
  /** How many responses are remembered. */
  static final int MOST = 10_000;

  /** The longest id that is, in characters; OpenAI's have 53. */
  private static final int LONGEST = 200;

  private static final String RESPONSES = "openai-responses";
  private static final String PREVIOUS = "previous_response_id";
  private static final Pattern ADDRESSED = Pattern.compile(".*/responses/(?<id>[^/]+)(?:/.*)?");

  private final Picker others;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, String> givers = new LinkedHashMap<>(16, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
      return size() > MOST;
    }
  };

  Sequels(Picker others) {
    this.others = others;
  }

  @Override
  public Choice begin(Call call) {
    Choice otherwise = others.begin(call);
    Optional<String> giver = previous(call).flatMap(this::giver);
    boolean gives = call.protocol().name().equals(RESPONSES);
    return giver.isEmpty() && !gives
        ? otherwise
        : new Choice() {
          @Override
          public Member pick(List<Member> candidates) {
            return candidates.stream()
                .filter(member -> giver.filter(member.name()::equals).isPresent())
                .findFirst()
                .orElseGet(() -> otherwise.pick(candidates));
          }

          @Override
          public Reply told(Reply reply) {
            return gives ? watched(reply, call) : reply;
          }
        };
  }

  /** The response that a call is about: in its body, or in its address. */
  private static Optional<String> previous(Call call) {
    return call.json()
        .member(PREVIOUS)
        .filter(id -> id.kind() == Kind.STRING)
        .map(JsonValue::text)
        .or(() -> addressed(call.path()));
  }

  private static Optional<String> addressed(String path) {
    Matcher address = ADDRESSED.matcher(path);
    return address.matches() ? Optional.ofNullable(address.group("id")) : Optional.empty();
  }

  private Reply watched(Reply reply, Call call) {
    if (!reply.succeeded() || !reply.isPlain()) {
      return reply;
    }
    return reply.through(
        new ResponseId(id -> call.exchange()
            .ledger()
            .lastAttempt()
            .filter(attempt -> id.length() <= LONGEST)
            .ifPresent(attempt -> remember(id, attempt.instance()))),
        true);
  }

  private Optional<String> giver(String id) {
    lock.lock();
    try {
      return Optional.ofNullable(givers.get(id));
    } finally {
      lock.unlock();
    }
  }

  private void remember(String id, String instance) {
    lock.lock();
    try {
      givers.put(id, instance);
    } finally {
      lock.unlock();
    }
  }
}
