using Jobwatch.Testing;
using Xunit;

namespace Jobwatch.EndToEnd.Tests.Browsers;

/// <summary>The watchers that are not .NET: JavaScript on Node.js, with the packages of tests/package.json.</summary>
internal static class NodeScript
{
    /// <summary>A gRPC client of grpc-js.</summary>
    public static ChildCommand GrpcWatch(Uri node, string jobId) => Script("grpc-watch.mjs", node.Authority, jobId);

    /// <summary>A browser's EventSource.</summary>
    public static ChildCommand BrowserEvents(Uri edge, string path) => Script("browser-events.mjs", edge.ToString(), path);

    /// <summary>A browser that shows one execution on the edge's page.</summary>
    public static ChildCommand BrowserPage(Uri edge, string jobId, string executionId) =>
        Script("browser-page.mjs", $"{edge}#/jobs/{jobId}/executions/{executionId}");

    /// <summary>A browser that shows the list of jobs on the edge's page.</summary>
    public static ChildCommand BrowserJobs(Uri edge) => Script("browser-jobs.mjs", edge.ToString());

    /// <summary>A browser that goes to addresses of the page, some of which lead nowhere.</summary>
    public static ChildCommand BrowserAddresses(Uri edge) => Script("browser-addresses.mjs", edge.ToString());

    private static ChildCommand Script(string name, params string[] arguments)
    {
        string tests = Path.Combine(RepositoryFiles.Root, "tests");
        Assert.True(Directory.Exists(Path.Combine(tests, "node_modules")), "The tests' npm packages are missing: npm ci --prefix tests");
        return new ChildCommand("node", [Path.Combine(tests, "EndToEnd.Tests", "Scripts", name), .. arguments]);
    }
}
