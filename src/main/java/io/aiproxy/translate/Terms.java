package io.aiproxy.translate;

/**
 * What becomes of neutral terms on their way between the two dialects. Safe for all threads.
 *
 * @param <Q> what a request is
 * @param <A> what an answer is
 */
interface Terms<Q, A> {
  /** The request as the upstream's dialect is given it. */
  Q outward(Q asked);

  /**
   * The answer as the client's dialect is given it.
   *
   * @param birth what it has where its provider says nothing of that
   */
  A inward(A answer, Q asked, Birth birth);

  /** The request as the client's dialect is given it again, when it is known which model was asked. */
  Q answered(Q asked, String model);

  /** Nothing becomes of them. */
  static <Q, A> Terms<Q, A> same() {
    return new Terms<>() {
      @Override
      public Q outward(Q asked) {
        return asked;
      }

      @Override
      public A inward(A answer, Q asked, Birth birth) {
        return answer;
      }

      @Override
      public Q answered(Q asked, String model) {
        return asked;
      }
    };
  }
}
