using System.Globalization;

namespace Inforzap.Benchmarks;

/// <summary>
/// Gives a process at most a part of a core, as a small machine of its own would: nodes that share the cores of one machine with the
/// database and the provider say nothing of what another machine would add. Needs Linux and root.
/// </summary>
internal sealed class CoreShare : IDisposable
{
    private const int Period = 100_000;
    private readonly string group;

    private CoreShare(string group) => this.group = group;

    public static CoreShare Of(int process, int percent)
    {
        var isUnified = File.Exists("/sys/fs/cgroup/cgroup.controllers");
        var group = Directory.CreateDirectory($"/sys/fs/cgroup/{(isUnified ? "" : "cpu/")}inforzap-{process}").FullName;
        var quota = (Period / 100 * percent).ToString(CultureInfo.InvariantCulture);
        if (isUnified) File.WriteAllText(Path.Combine(group, "cpu.max"), $"{quota} {Period}");
        else
        {
            File.WriteAllText(Path.Combine(group, "cpu.cfs_period_us"), Period.ToString(CultureInfo.InvariantCulture));
            File.WriteAllText(Path.Combine(group, "cpu.cfs_quota_us"), quota);
        }
        File.WriteAllText(Path.Combine(group, "cgroup.procs"), process.ToString(CultureInfo.InvariantCulture));
        return new(group);
    }

    /// <summary>After the process is gone.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(group);
        }
        catch (IOException)
        {
            // Still ending; an empty group costs nothing.
        }
    }
}
