package io.aiproxy.launch;

/** What a command line asks for. */
interface Command {
  int DONE = 0;
  int FAILED = 1;
  int MISUSED = 2;

  /**
   * Does it, and returns when it is done.
   *
   * @return the exit status: {@link #DONE} or {@link #FAILED}
   * @throws Failure what a person must put right first
   */
  int run(Console console) throws Failure, InterruptedException;
}
