using System.Runtime.ExceptionServices;
using Graft.Torch;

namespace Graft.Data;

/// <summary>
/// One epoch on its way: the worker threads, the batches being read, and their memory. The consumer's thread opens and closes
/// batches and makes every tensor; workers only fill memory. So what goes wrong with a sample is told in the order of the
/// samples.
/// </summary>
sealed class EpochReader : IDisposable
{
    readonly DataLoader loader;
    readonly BatchPlan plan;
    readonly int[] order;
    readonly int epoch;
    readonly CancellationToken cancellation;
    readonly CancellationTokenRegistration registration;
    readonly BufferPool buffers;
    readonly BufferPool? maskBuffers;
    readonly IMaskedSampleReader? masked;
    readonly Thread[] threads;

    // Below: guarded by gate.
    readonly object gate = new();
    readonly Queue<Pending> pending = new(); // being read or ready, in order
    Pending? open;                           // the one that workers take samples from, if any
    readonly Queue<Pending> waiting = new(); // no sample taken yet
    bool stopped;

    int opened; // by the consumer alone

    public EpochReader(DataLoader loader, BatchPlan plan, int[] order, int epoch, int firstBatch, CancellationToken cancellation)
    {
        this.loader = loader;
        this.plan = plan;
        this.order = order;
        this.epoch = epoch;
        this.cancellation = cancellation;
        opened = Math.Min(firstBatch, plan.Batches);
        ISampleReader samples = loader.Reader;
        long count = plan.LargestBatch, channels = samples.Channels, height = samples.Height, width = samples.Width;
        bool last = loader.Options.MemoryFormat == MemoryFormat.ChannelsLast;
        buffers = new BufferPool(
            last ? [count, height, width, channels] : [count, channels, height, width], DType.Float32, last);
        masked = loader.Dataset.Kind == LabelKind.Mask ? samples as IMaskedSampleReader : null;
        if (masked is not null) maskBuffers = new BufferPool([count, height, width], DType.Int64);
        threads = new Thread[loader.Workers];
        try
        {
            while (opened < Math.Min(plan.Batches, firstBatch + loader.Options.Prefetch)) OpenNext();
            for (int i = 0; i < threads.Length; i++)
            {
                threads[i] = new Thread(Work) { IsBackground = true, Name = $"graft data {i}" };
                threads[i].Start();
            }
            registration = cancellation.UnsafeRegister(static state => ((EpochReader)state!).Wake(), this);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The next batch, or null after the last.</summary>
    public Batch? Next()
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Pending next;
            lock (gate)
            {
                if (pending.Count == 0) return null;
                next = pending.Peek();
                while (next.Remaining > 0)
                {
                    Monitor.Wait(gate);
                    cancellation.ThrowIfCancellationRequested();
                }
                pending.Dequeue();
            }
            Batch? batch = Close(next);
            if (opened < plan.Batches) OpenNext();
            if (batch is not null) return batch;
        }
    }

    /// <summary>Stops the workers, waits for the samples in hand, frees the memory.</summary>
    public void Dispose()
    {
        registration.Dispose();
        lock (gate)
        {
            stopped = true;
            Monitor.PulseAll(gate);
        }
        foreach (Thread? thread in threads)
            if (thread is not null && thread.ThreadState.HasFlag(ThreadState.Unstarted) == false) thread.Join();
        foreach (Pending left in pending) Return(left);
        pending.Clear();
        buffers.Dispose();
        maskBuffers?.Dispose();
    }

    void Return(Pending done)
    {
        buffers.Return(done.Buffer);
        if (done.Masks is not null) maskBuffers!.Return(done.Masks);
    }

    void Wake()
    {
        lock (gate) Monitor.PulseAll(gate);
    }

    void OpenNext()
    {
        (int start, int count) = plan[opened];
        Pending next = new(opened++, start, count, buffers.Rent(), maskBuffers?.Rent());
        lock (gate)
        {
            pending.Enqueue(next);
            waiting.Enqueue(next);
            Monitor.PulseAll(gate);
        }
    }

    void Work()
    {
        if (loader.Options.Niceness > 0) Engine.StandBack(loader.Options.Niceness);
        int length = (int)loader.SampleLength, maskLength = loader.Reader.Height * loader.Reader.Width;
        MemoryFormat format = loader.Options.MemoryFormat;
        Pending? done = null;
        while (true)
        {
            Pending taken;
            int at;
            lock (gate)
            {
                if (done is not null && --done.Remaining == 0) Monitor.PulseAll(gate);
                while (!stopped && open is null && waiting.Count == 0) Monitor.Wait(gate);
                if (stopped) return;
                taken = open ??= waiting.Dequeue();
                at = taken.Taken++;
                if (taken.Taken == taken.Count) open = null;
            }
            try
            {
                Sample sample = loader.Dataset.Samples[order[taken.Start + at]];
                taken.Samples[at] = sample;
                Span<float> place = taken.Buffer.AsSpan<float>().Slice(at * length, length);
                if (masked is null) loader.Reader.Read(sample, epoch, place, format);
                else masked.Read(sample, epoch, place, taken.Masks!.AsSpan<long>().Slice(at * maskLength, maskLength), format);
            }
            catch (Exception error)
            {
                taken.Fail(at, error);
            }
            done = taken;
        }
    }

    Batch? Close(Pending read)
    {
        int kept = read.Count;
        try
        {
            if (read.Errors is not null) kept = DropBad(read);
        }
        catch
        {
            Return(read);
            throw;
        }
        // A batch that bad images leave with one sample is no more use to batch norm than a last batch of one.
        bool lone = kept == 1 && read.Count > 1 && loader.Options.Shuffle;
        if (kept == 0 || lone)
        {
            Return(read);
            return null;
        }
        Sample[] samples = kept == read.Count ? read.Samples : read.Samples[..kept];
        Tensor images = buffers.View(read.Buffer, kept), labels = Labels(samples);
        Tensor? targets = read.Masks is { } masks ? maskBuffers!.View(masks, kept) : Targets(samples);
        return new Batch(images, labels, targets, samples, read.Number, () => Return(read));
    }

    // Closes the gaps that bad samples leave, so that what remains lies together.
    int DropBad(Pending read)
    {
        Span<float> values = read.Buffer.AsSpan<float>();
        Span<long> masks = read.Masks is null ? [] : read.Masks.AsSpan<long>();
        int length = (int)loader.SampleLength, maskLength = loader.Reader.Height * loader.Reader.Width, kept = 0;
        for (int i = 0; i < read.Count; i++)
        {
            Exception? error = read.Errors![i];
            if (error is null)
            {
                if (kept < i)
                {
                    values.Slice(i * length, length).CopyTo(values.Slice(kept * length, length));
                    if (read.Masks is not null)
                        masks.Slice(i * maskLength, maskLength).CopyTo(masks.Slice(kept * maskLength, maskLength));
                    read.Samples[kept] = read.Samples[i];
                }
                kept++;
                continue;
            }
            if (!BadImages.IsAbout(error)) ExceptionDispatchInfo.Throw(error);
            loader.BadImages.Report(read.Samples[i].Path, BadImages.Reason(error));
        }
        loader.BadImages.ThrowIfTooMany(loader.Dataset.Count);
        return kept;
    }

    static Tensor Labels(Sample[] samples)
    {
        using TensorScope scope = new();
        long[] labels = new long[samples.Length];
        for (int i = 0; i < labels.Length; i++) labels[i] = samples[i].Label;
        return Tensor.FromSpan<long>(labels, [labels.Length]).LeaveScope();
    }

    // [N, K], or null where each sample has one class
    static Tensor? Targets(Sample[] samples)
    {
        if (samples[0].Targets is not { } first) return null;
        using TensorScope scope = new();
        float[] targets = new float[samples.Length * first.Length];
        for (int i = 0; i < samples.Length; i++) samples[i].Targets!.CopyTo(targets.AsSpan(i * first.Length));
        return Tensor.FromSpan<float>(targets, [samples.Length, first.Length]).LeaveScope();
    }

    /// <summary>A batch that is being read.</summary>
    sealed class Pending
    {
        Exception?[]? errors;

        public Pending(int number, int start, int count, Tensor buffer, Tensor? masks)
        {
            (Number, Start, Count, Buffer, Masks) = (number, start, count, buffer, masks);
            Samples = new Sample[count];
            Remaining = count;
        }

        public int Number { get; }

        public int Start { get; }

        public int Count { get; }

        public Tensor Buffer { get; }

        public Tensor? Masks { get; }

        public Sample[] Samples { get; }

        public Exception?[]? Errors => errors;

        public int Taken { get; set; }

        public int Remaining { get; set; }

        public void Fail(int at, Exception error)
        {
            if (errors is null) Interlocked.CompareExchange(ref errors, new Exception?[Count], null);
            errors[at] = error;
        }
    }
}
