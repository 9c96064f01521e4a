using Grpc.Core;
using Grpc.Health.V1;
using Jobwatch.StreamService.Tests.Errors;
using Jobwatch.StreamService.Tests.Hosting;
using Jobwatch.StreamService.Tests.Recording;
using Jobwatch.V1;
using Xunit;

namespace Jobwatch.StreamService.Tests.Tenancy;

public sealed class TenantTests(RunningNode node) : IClassFixture<RunningNode>
{
    private readonly string _job = Appends.NewJob();

    [Fact]
    public async Task A_call_without_credentials_is_the_anonymous_tenants()
    {
        await node.Append(Appends.To(_job, Appends.Started()));
        Assert.Equal(1, (await node.GetJob(new GetJobRequest { JobId = _job })).Job.LastPosition);
    }

    [Fact]
    public async Task A_call_without_credentials_is_refused_where_no_tenant_is_anonymous()
    {
        await using var strict = await RunningNode.StartAsync(("Tenancy:AnonymousTenant", ""));
        var refusal = await Refusal.OfAsync(strict.GetJob(new GetJobRequest { JobId = "/" }));

        Assert.Equal((StatusCode.Unauthenticated, "CREDENTIALS_MISSING"), (refusal.Code, refusal.Reason));
        Assert.Contains("authorization: Bearer TOKEN", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await strict.Append(Appends.To(_job, Appends.Started()), RunningNode.Acme)).Positions[0]);
        var health = await new Health.HealthClient(strict.Channel).CheckAsync(
            new HealthCheckRequest(), cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer acme-secret2")]
    [InlineData("Bearer")]
    [InlineData("Basic YWNtZTphY21lLXNlY3JldA==")]
    [InlineData("acme-secret")]
    public async Task Credentials_that_are_not_known_are_refused_and_never_anonymous(string authorization)
    {
        var refusal = await Refusal.OfAsync(
            node.GetJob(new GetJobRequest { JobId = _job }, new Metadata { { "authorization", authorization } }));

        Assert.Equal((StatusCode.Unauthenticated, "CREDENTIALS_UNKNOWN"), (refusal.Code, refusal.Reason));
        Assert.DoesNotContain("secret", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_are_looked_at_before_the_request_is_read()
    {
        var huge = Appends.To("?", [.. Enumerable.Range(0, 40).Select(_ => Appends.Line(new string('x', 250_000)))]);
        var refusal = await Refusal.OfAsync(node.Append(huge, new Metadata { { "authorization", "Bearer wrong" } }));

        Assert.Equal("CREDENTIALS_UNKNOWN", refusal.Reason);
    }

    [Fact]
    public async Task A_tenant_can_not_tell_anothers_job_from_none()
    {
        await node.Append(Appends.To(_job, Appends.Started()), RunningNode.Acme);
        var missing = Appends.NewJob();
        Assert.Equal(await LookAsync(missing), (await LookAsync(_job)).Select(seen => seen.Replace(_job, missing, StringComparison.Ordinal)));
        Assert.DoesNotContain((await node.ListJobs(new ListJobsRequest { PageSize = 1000 })).Jobs, job => job.JobId == _job);

        await node.Append(Appends.To(_job, Appends.Started()));
        Assert.Equal(1, (await node.GetJob(new GetJobRequest { JobId = _job })).Job.LastPosition);
    }

    // Status, message and details of all that a caller without rights may ask.
    private async Task<IReadOnlyList<string>> LookAsync(string job)
    {
        Refusal[] refusals =
        [
            await Refusal.OfAsync(node.GetJob(new GetJobRequest { JobId = job })),
            await Refusal.OfAsync(node.GetExecution(new GetExecutionRequest { JobId = job, ExecutionId = "run" })),
            await Refusal.OfAsync(node.ListExecutions(new ListExecutionsRequest { JobId = job })),
            await Refusal.OfAsync(node.ListEvents(new ListEventsRequest { JobId = job })),
            await Refusal.OfAsync(node.Append(Appends.To(job, Appends.Line()))),
        ];
        return [.. refusals.Select(refusal => $"{refusal.Code} {refusal.Reason} {refusal.Message} {refusal.Fields.Count}")];
    }
}
