using Jobwatch.DevServer.Processes;

namespace Jobwatch.DevServer.Workspace;

/// <summary>One server a data folder: a lock that the kernel lets go of however its holder ends.</summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;
    private readonly PidFile _holder;

    private FolderLock(FileStream file, PidFile holder) => (_file, _holder) = (file, holder);

    /// <exception cref="ServerFailure">Another process holds it; the message has its pid.</exception>
    public static FolderLock Take(DataFolder folder)
    {
        // The holder's pid lies beside the lock: the locked file itself can't be read.
        var holder = new PidFile(folder.PidFile("server"));
        FileStream file;
        try
        {
            file = new FileStream(folder.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            string who = holder.Read() is { } process ? $"process {process.Id}" : "another process";
            throw new ServerFailure(
                $"The data folder {folder.Root} is in use by {who}. Stop that one, or choose another folder with --data.");
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new ServerFailure($"The data folder {folder.Root} belongs to another user: {failure.Message}");
        }
        holder.Write(ProcessIdentity.Of(Environment.ProcessId)!);
        return new FolderLock(file, holder);
    }

    public void Dispose()
    {
        _holder.Delete();
        _file.Dispose();
    }
}
