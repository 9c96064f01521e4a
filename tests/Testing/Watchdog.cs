using System.Diagnostics;

namespace Jobwatch.Testing;

/// <summary>
/// A shell that outlives this process by a moment: when its standard input closes, which the kernel does even after
/// kill -9, it kills the processes, unmounts and deletes the folders it was told of.
/// </summary>
/// <remarks>
/// PR_SET_PDEATHSIG would be shorter, but it fires when the starting thread ends, and the thread pool ends idle threads.
/// </remarks>
internal static class Watchdog
{
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        watched=' '
        folders=' '
        mounts=' '
        while read -r verb subject; do
          case $verb in
            watch) watched="$watched$subject " ;;
            forget) watched="${watched%% "$subject" *} ${watched#* "$subject" }" ;;
            folder) folders="$folders$subject " ;;
            mount) mounts="$mounts$subject " ;;
          esac
        done
        for entry in $watched; do kill -"${entry%%:*}" "${entry##*:}"; done
        alive() { kill -0 "$1" && ! grep -q ') Z' "/proc/$1/stat"; }
        for entry in $watched; do
          tries=100
          while [ $tries -gt 0 ] && alive "${entry##*:}"; do tries=$((tries - 1)); sleep 0.05; done
          kill -KILL "${entry##*:}"
        done
        for mount in $mounts; do mountpoint -q "$mount" && umount -l "$mount"; done
        for folder in $folders; do rm -rf "$folder"; done
        """;

    private static readonly Lock Gate = new();
    private static readonly Process Shell = Start();

    public static void Watch(int processId, UnixSignal last) => Tell($"watch {(int)last}:{processId}");

    public static void Forget(int processId, UnixSignal last) => Tell($"forget {(int)last}:{processId}");

    public static void DeleteAtTheEnd(string folder)
    {
        if (folder.Contains(' ', StringComparison.Ordinal))
            throw new ArgumentException($"The temporary folder's path has a space: {folder}", nameof(folder));
        Tell($"folder {folder}");
    }

    public static void UnmountAtTheEnd(string folder) => Tell($"mount {folder}");

    private static void Tell(string line)
    {
        lock (Gate)
            Shell.StandardInput.WriteLine(line);
    }

    private static Process Start()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true, WorkingDirectory = "/" };
        var shell = Process.Start(start)!;
        shell.StandardInput.AutoFlush = true;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            // Not waited for: a runner that sees its process end slowly takes it for hung. The shell ends by itself.
            lock (Gate)
                shell.StandardInput.Close();
        };
        return shell;
    }
}
