package io.aiproxy.balance;

import io.aiproxy.balance.Topics.Score;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;

/**
 * Who is asked for a prompt: those whose topic it is, the best first; then who is for all else; then the others, the best
 * first. For one thread.
 */
final class Ranking implements Choice {
  private static final String SCORES = "X-AI-Semantic-Scores";
  private static final String PICKED = "X-AI-Semantic-Picked-Instance";
  private static final int MOST = 900;

  private final List<Score> scores;
  private final Set<Member> order = new LinkedHashSet<>();
  private final boolean debugging;
  private String picked = "";

  /**
   * By their scores.
   *
   * @param scores of all, the best first; empty if they are not known
   * @param debugging whether the client is told
   */
  Ranking(List<Score> scores, Member fallback, boolean debugging) {
    this.scores = scores;
    this.debugging = debugging;
    scores.stream().filter(Score::suffices).map(Score::member).forEach(order::add);
    order.add(fallback);
    scores.stream().map(Score::member).forEach(order::add);
  }

  @Override
  public Member pick(List<Member> candidates) {
    Member first =
        order.stream().filter(candidates::contains).findFirst().orElse(candidates.get(0));
    if (picked.isEmpty()) {
      picked = first.name();
    }
    return first;
  }

  @Override
  public Reply told(Reply reply) {
    if (!debugging) {
      return reply;
    }
    Headers.Builder headers = Headers.builder();
    reply
        .headers()
        .only(field -> !field.is(SCORES) && !field.is(PICKED))
        .forEach(field -> headers.add(field.name(), field.value()));
    if (!scores.isEmpty()) {
      headers.add(SCORES, written());
    }
    return reply.with(headers.add(PICKED, plain(picked)).build());
  }

  /** As many as have room. */
  private String written() {
    StringJoiner text = new StringJoiner(",");
    for (Score score : scores) {
      String one =
          plain(score.member().name()) + ":" + String.format(Locale.ROOT, "%.4f", score.value());
      if (text.length() + one.length() >= MOST) {
        break;
      }
      text.add(one);
    }
    return text.toString();
  }

  private static String plain(String name) {
    return name.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
