namespace Jobwatch.Testing;

/// <summary>A file system of its own in memory, small enough to be filled; only root can mount it.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    /// <summary>Where it is mounted.</summary>
    public string Folder { get; }

    /// <summary>Bytes that are free.</summary>
    public long Free => new DriveInfo(Folder).AvailableFreeSpace;

    private string Filler => Path.Combine(Folder, "filler");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        string folder = Directory.CreateTempSubdirectory("jobwatch-disk-").FullName;
        Watchdog.DeleteAtTheEnd(folder);
        Watchdog.UnmountAtTheEnd(folder);
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0755", "tmpfs", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Takes all of its space.</summary>
    public void Fill()
    {
        byte[] block = new byte[64 * 1024];
        using var filler = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            while (true)
                filler.Write(block);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Clear() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", "-l", Folder);
        Directory.Delete(Folder);
    }

    private static async Task RunAsync(string program, params IReadOnlyList<string> arguments)
    {
        await using var child = ChildProcess.Start(new ChildCommand(program, arguments));
        if (await child.WaitForExitAsync() != 0)
            throw new InvalidOperationException(child.Describe("failed: only root can mount a file system"));
    }
}
