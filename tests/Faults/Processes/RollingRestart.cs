using Jobwatch.Faults.Tests.Turns;

namespace Jobwatch.Faults.Tests.Processes;

/// <summary>SIGTERM and a new start of each node and edge in turn, as a rollout does it.</summary>
internal sealed class RollingRestart : Fault
{
    public override string Name => "rolling-restart";

    public override async Task RunAsync(Scene scene)
    {
        foreach (var server in scene.Site.Servers)
        {
            int farewells = Farewells(scene);
            int code = await server.StopAsync();
            Scene.Happened(code == 0, $"{server.GetType().Name} ended with {code}: {server.Child.Describe("did not end well")}");
            await Scene.HappensAsync(() => Farewells(scene) > farewells, "watchers are told that their server leaves");
            await scene.Site.StartAsync(server);
            // The next one may go when this one carries its share again, as a readiness probe has it.
            await HoldAsync(0.5);
        }
    }

    private static int Farewells(Scene scene) => scene.Stage.Watchers.Sum(watcher => watcher.Farewells);
}
