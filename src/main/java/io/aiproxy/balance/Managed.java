package io.aiproxy.balance;

/** An instance as JMX sees it. */
final class Managed implements InstanceMXBean {
  private final Member member;

  Managed(Member member) {
    this.member = member;
  }

  @Override
  public String getState() {
    return Standing.of(member).state();
  }

  @Override
  public String getSince() {
    return Standing.of(member).since().toString();
  }

  @Override
  public String getCause() {
    return Standing.of(member).cause();
  }

  @Override
  public int getUnderWay() {
    return member.underWay();
  }

  @Override
  public void eject() {
    member.health().eject();
  }

  @Override
  public void admit() {
    member.admit();
  }

  @Override
  public void drain() {
    member.health().drain();
  }
}
