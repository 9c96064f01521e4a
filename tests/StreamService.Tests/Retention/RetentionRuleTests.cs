using Jobwatch.StreamService.Journal;
using Jobwatch.StreamService.Retention;
using Xunit;

namespace Jobwatch.StreamService.Tests.Retention;

public sealed class RetentionRuleTests
{
    [Theory]
    [InlineData("*", "*", true)]
    [InlineData("acme", "*", true)]
    [InlineData("acm", "*", false)]
    [InlineData("ACME", "*", false)]
    [InlineData("*", "ledger-eu", true)]
    [InlineData("*", "ledger-e", false)]
    [InlineData("*", "ledger-*", true)]
    [InlineData("*", "ledger-eu*", true)]
    [InlineData("*", "ledger-eu-*", false)]
    [InlineData("other", "ledger-eu", false)]
    public void A_rule_matches_a_tenant_or_all_and_a_job_or_the_beginning_of_its_id(string tenant, string job, bool matches) =>
        Assert.Equal(matches, new RetentionRule { Tenant = tenant, Job = job }.Matches(new JobKey("acme", "ledger-eu")));
}
