package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.call.Problem;
import io.aiproxy.config.Balancing;
import io.aiproxy.json.JsonValue;
import io.aiproxy.protocol.Protocols;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Those who serve the model that a client asks for, each in its turn. What is in no protocol and names no model, such as a
 * file, goes to any of all instances.
 */
final class ByModel implements Picker {
  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Balancing.Names names;
  private final Picker anybody = new RoundRobin();

  /** Those who serve one model; each group has turns of its own, so that no other one's requests are taken for its own. */
  private record Group(String model, Set<Member> members, Picker turns) {}

  ByModel(List<Member> members, Balancing.Names names) {
    this.names = names;
    for (Member member : members) {
      for (String model : member.instance().settings().models().names()) {
        groups
            .computeIfAbsent(model, name -> new Group(name, new HashSet<>(), new RoundRobin()))
            .members()
            .add(member);
      }
    }
  }

  @Override
  public Choice begin(Call call) {
    String wanted = call.asked().model();
    if (wanted.isEmpty() && isOpen(call)) {
      return anybody.begin(call);
    }
    Group group = group(wanted);
    Choice turn = group.turns().begin(call);
    return new Choice() {
      @Override
      public Member pick(List<Member> candidates) {
        return turn.pick(candidates);
      }

      @Override
      public List<Member> able(List<Member> members) {
        return members.stream().filter(group.members()::contains).toList();
      }

      @Override
      public Call asked(Call own) {
        return group.model().equals(wanted) ? own : own.naming(group.model());
      }
    };
  }

  /** Whether a request may well be about no model. */
  private static boolean isOpen(Call call) {
    return call.json().kind() != JsonValue.Kind.OBJECT
        || call.protocol().name().equals(Protocols.PASSTHROUGH);
  }

  private Group group(String wanted) {
    Group group = groups.get(names.meant(wanted));
    if (group == null) {
      group = groups.get(names.meant(names.otherwise().orElseThrow(() -> unknown(wanted))));
    }
    if (group == null) {
      throw new IllegalStateException("nobody serves the default model");
    }
    return group;
  }

  private static Problem unknown(String wanted) {
    return wanted.isEmpty()
        ? Problem.of(Problem.Kind.INVALID_REQUEST, "the request must say which model it is for")
            .at("model")
        : Problem.of(Problem.Kind.MODEL_NOT_FOUND, "nobody serves that model here")
            .at("model");
  }
}
