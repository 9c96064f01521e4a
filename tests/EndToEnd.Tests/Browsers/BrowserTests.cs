using System.Text.Json;
using Jobwatch.EndToEnd.Tests.Deployments;
using Jobwatch.Testing;
using Jobwatch.Testing.Producing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Browsers;

public sealed class BrowserTests
{
    private static readonly (string Name, string Value)[] Settings = [("Edge__RetryInterval", "00:00:00.200")];

    [Fact]
    public async Task An_EventSource_outlives_a_killed_edge_and_has_every_position_once()
    {
        await using var deployment = await Deployment.StartAsync(settings: Settings);
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        await using var load = new SteadyLoad(worker, perSecond: 100);
        await using var browser = ChildProcess.Start(NodeScript.BrowserEvents(
            deployment.Edge.Address, "/v1/jobs/job:watch?start.beginning=true&until_execution_ends=true"));

        for (int kills = 1; kills <= 2; kills++)
        {
            long before = Positions(browser).Count;
            await browser.WaitUntilAsync(_ => Task.FromResult(Positions(browser).Count > before + 100), "100 more events");
            await deployment.Edge.KillAsync();
            int breaks = kills;
            await browser.WaitUntilAsync(_ => Task.FromResult(CountOf("broken", browser) >= breaks), "the break seen");
            await deployment.StartAsync(deployment.Edge);
        }
        await browser.WaitUntilAsync(_ => Task.FromResult(CountOf("open", browser) == 3), "connected again");
        await load.StopAsync();
        long last = (await worker.EndAsync()).Positions[0];

        Assert.True(await browser.WaitForExitAsync() == 0, browser.Describe("ended badly"));
        Assert.Equal(Enumerable.Range(1, (int)last), Positions(browser));
        Assert.DoesNotContain(Reports(browser), report => report.Name == "gap");
    }

    [Fact]
    public async Task The_page_shows_an_execution_to_its_end_although_the_edge_is_killed()
    {
        await using var deployment = await Deployment.StartAsync(settings: Settings);
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        await worker.LogAsync(lines: 50);
        await using var page = ChildProcess.Start(NodeScript.BrowserPage(deployment.Edge.Address, "job", "e1"));
        await page.WaitForLineAsync("""{"state":"live","positions":51,"lastPosition":51,"repeats":0}""");

        await deployment.Edge.KillAsync();
        await page.WaitForLineAsync("\"state\":\"reconnecting\"");
        await worker.LogAsync(lines: 50);
        await deployment.StartAsync(deployment.Edge);
        await page.WaitForLineAsync("""{"state":"live","positions":101,"lastPosition":101,"repeats":0}""");
        await worker.EndAsync();

        Assert.True(await page.WaitForExitAsync() == 0, page.Describe("ended badly"));
        Assert.Equal("""{"state":"ended","positions":102,"lastPosition":102,"repeats":0}""", page.StandardOutput.All[^1]);
    }

    [Fact]
    public async Task The_list_of_jobs_lives_from_one_stream_although_the_edge_is_killed()
    {
        await using var deployment = await Deployment.StartAsync(settings: Settings);
        var first = new Worker(deployment.Local.Records, "job-a");
        await first.StartAsync();
        await using var page = ChildProcess.Start(NodeScript.BrowserJobs(deployment.Edge.Address));
        await page.WaitForLineAsync("job-a running 1");
        var second = new Worker(deployment.Local.Records, "job-b");
        await second.StartAsync();
        await page.WaitForLineAsync("job-b running 1, job-a running 1");

        await deployment.Edge.KillAsync();
        await first.EndAsync();
        await deployment.StartAsync(deployment.Edge);
        await page.WaitForLineAsync("job-b running 1, job-a succeeded 1");
        await new Worker(deployment.Local.Records, "job-a", "e2").StartAsync();
        await page.WaitForLineAsync("job-b running 1, job-a running 2");
    }

    [Fact]
    public async Task The_page_says_of_an_address_that_leads_nowhere_that_it_does()
    {
        await using var deployment = await Deployment.StartAsync(settings: Settings);
        var worker = new Worker(deployment.Local.Records, "job");
        await worker.StartAsync();
        await using var page = ChildProcess.Start(NodeScript.BrowserAddresses(deployment.Edge.Address));

        Assert.True(await page.WaitForExitAsync() == 0, page.Describe("ended badly"));
        Assert.Equal(
            [
                "No such page: #/jobs/%zz is not an address of this page: a % in it stands for nothing.",
                "tables: 0",
                "live; there is no such execution (yet): it will be shown here when it begins",
                "execution_started, lines: 1, fits: true",
            ],
            page.StandardOutput.All);
    }

    private static List<BrowserReport> Reports(ChildProcess browser) =>
        [.. browser.StandardOutput.All.Select(line => JsonSerializer.Deserialize<BrowserReport>(line, JsonSerializerOptions.Web)!)];

    private static int CountOf(string name, ChildProcess browser) => Reports(browser).Count(report => report.Name == name);

    private static List<int> Positions(ChildProcess browser) =>
        [.. Reports(browser).Where(report => report.Name == "execution_update").Select(report => PositionOf(report.Data!))];

    private static int PositionOf(string json) => JsonElement.Parse(json).GetProperty("position").GetInt32();
}
