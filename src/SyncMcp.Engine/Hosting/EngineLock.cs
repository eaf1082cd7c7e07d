namespace SyncMcp.Engine.Hosting;

/// <summary>The one engine of a data directory: whoever holds <c>engine.lock</c>. The system lets go of it however the process ends.</summary>
internal sealed class EngineLock : IDisposable
{
    // .NET asks for a shared lock when it opens: the errno with which another process' exclusive one turns it away.
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;

    private readonly FileStream file;

    private EngineLock(FileStream file) => this.file = file;

    /// <summary>Takes the lock; null when another engine has it.</summary>
    /// <exception cref="EngineStartException">What lies in its place is no file that this user can lock.</exception>
    public static EngineLock? TryTake(DataDirectory directory)
    {
        var path = Path.Combine(directory.Path, "engine.lock");
        try
        {
            return TryTake(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var what = Directory.Exists(path) ? "it is a folder; remove it." : e.Message;
            throw new EngineStartException("data_directory_unusable", $"The engine's lock {path} cannot be taken: {what}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static EngineLock? TryTake(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            // Unix: the sharing that .NET offers can be switched off from outside (DOTNET_SYSTEM_IO_DISABLEFILELOCKING), flock cannot.
            Share = OperatingSystem.IsWindows() ? FileShare.None : FileShare.ReadWrite,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        FileStream opened;
        try
        {
            opened = new FileStream(path, options);
        }
        catch (IOException e) when (File.Exists(path) && (OperatingSystem.IsWindows() || e.HResult is WouldBlockOnLinux or WouldBlockOnMac))
        {
            return null;
        }

        try
        {
            if (OperatingSystem.IsWindows() || UnixFile.TryLock(opened.SafeFileHandle))
                return new(opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        opened.Dispose();
        return null;
    }
}
