using System.Reflection;

namespace Jobwatch.Testing;

/// <summary>Where the repository's files and built programs are.</summary>
public static class RepositoryFiles
{
    /// <summary>The folder that holds Jobwatch.slnx.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release, as these tests were built.</summary>
    public static string Configuration { get; } =
        typeof(RepositoryFiles).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "Debug";

    public static string NodeDll => Dll("src/StreamService", "Jobwatch.StreamService");

    public static string EdgeDll => Dll("src/SseEdge", "Jobwatch.SseEdge");

    public static string CliDll => Dll("src/Clients/Cli", "jobwatch");

    public static string DevServerDll => Dll("src/DevServer", "Jobwatch.DevServer");

    /// <summary>A project's built program, of the same configuration as these tests.</summary>
    public static string Dll(string project, string assembly)
    {
        string path = Path.Combine(Root, project, "bin", Configuration, "net10.0", assembly + ".dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"Not built: {path}", path);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Jobwatch.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Jobwatch.slnx");
    }
}
