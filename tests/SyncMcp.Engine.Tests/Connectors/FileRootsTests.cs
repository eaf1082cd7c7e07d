using SyncMcp.Engine.Connectors;

namespace SyncMcp.Engine.Tests.Connectors;

public sealed class FileRootsTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("syncmcp-roots").FullName;
    private readonly List<string> allowed = [];
    private readonly FileRoots files;

    public FileRootsTests() => files = new(Path.Combine(root, "data", "files"), () => allowed);

    private string Home => files.Home;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void A_relative_path_begins_in_the_files_folder() => Assert.Equal(Path.Combine(Home, "sub", "a.db"), files.Resolve("sub/../sub/./a.db"));

    [Fact]
    public void An_allowed_folder_counts_from_the_moment_it_is_allowed()
    {
        var outside = Directory.CreateDirectory(Path.Combine(root, "outside")).FullName;
        var error = Assert.Throws<ReplicationException>(() => files.Resolve(Path.Combine(outside, "a.db")));
        Assert.Equal("path_refused", error.Code);
        Assert.Contains(Home, error.Message, StringComparison.Ordinal);
        Assert.Contains("syncmcp allow", error.Message, StringComparison.Ordinal);
        allowed.Add(outside);
        Assert.Equal(Path.Combine(outside, "a.db"), files.Resolve(Path.Combine(outside, "a.db")));
        Refused(outside + "2/a.db", "outside the allowed folders");
    }

    [Theory]
    [InlineData("../engine.db", "own data directory")]
    [InlineData("../../elsewhere.db", "outside")]
    [InlineData("/etc/passwd", "outside")]
    [InlineData("file:a.db?mode=rwc", "URIs")]
    [InlineData("FILE:a.db", "URIs")]
    [InlineData("http://x/a.db", "URIs")]
    [InlineData(":memory:", "memory")]
    [InlineData("", "empty")]
    [InlineData("a\0b", "control characters")]
    public void Paths_that_lead_elsewhere_are_refused(string path, string why) => Refused(path, why);

    [Theory]
    [InlineData("/proc/self/environ")]
    [InlineData("/dev/zero")]
    [InlineData("/sys/kernel")]
    public void System_files_are_refused_even_where_everything_is_allowed(string path)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there are none on Windows");
        allowed.Add("/");
        Refused(path, "system files");
    }

    [Fact]
    public void The_programs_own_files_are_refused_even_where_everything_is_allowed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix paths");
        allowed.Add("/");
        Refused(Path.Combine(root, "data", "token"), "own data directory");
        Refused(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config", "syncmcp", "policy.json"), "configuration");
    }

    [Fact]
    public void Links_are_followed_before_the_place_is_judged()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        var outside = Directory.CreateDirectory(Path.Combine(root, "outside")).FullName;
        Directory.CreateDirectory(Home);
        Directory.CreateSymbolicLink(Path.Combine(Home, "door"), outside);
        File.CreateSymbolicLink(Path.Combine(Home, "leaf.db"), Path.Combine(root, "data", "engine.db"));
        File.CreateSymbolicLink(Path.Combine(Home, "relative.db"), "../engine.db");
        File.CreateSymbolicLink(Path.Combine(Home, "circle"), Path.Combine(Home, "circle"));
        Refused("door/a.db", "outside");
        Refused("door/../files/a.db", "outside");
        Refused("leaf.db", "own data directory");
        Refused("relative.db", "own data directory");
        Refused("circle/a.db", "circle");
        allowed.Add(outside);
        Assert.Equal(Path.Combine(outside, "a.db"), files.Resolve("door/a.db"));
    }

    [Fact]
    public void A_file_with_a_second_name_and_a_pipe_are_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "told apart on Linux only");
        Directory.CreateDirectory(Home);
        var secret = Path.Combine(root, "data", "engine.db");
        File.WriteAllText(secret, "x");
        Run("ln", secret, Path.Combine(Home, "second.db"));
        Run("mkfifo", Path.Combine(Home, "pipe.db"));
        Refused("second.db", "hard link");
        Refused("pipe.db", "pipe");
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private void Refused(string path, string why)
    {
        var error = Assert.Throws<ReplicationException>(() => files.Resolve(path));
        Assert.Equal("path_refused", error.Code);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
