using Jobwatch.Bench.Figures;
using Jobwatch.Bench.Servers;

namespace Jobwatch.Bench.Scenarios;

/// <summary>One row of the table, or a few that belong together.</summary>
/// <param name="name">What it is asked for by on the command line.</param>
/// <param name="isDefault">Whether it runs when nothing is asked for.</param>
/// <param name="isQuick">Whether it runs in a quick run, too, when nothing is asked for.</param>
internal abstract class Scenario(string name, bool isDefault, bool isQuick = true)
{
    public string Name { get; } = name;

    public bool IsDefault(bool quick) => isDefault && (isQuick || !quick);

    public abstract Task RunAsync(Plan plan, Stage stage, Report report);
}
