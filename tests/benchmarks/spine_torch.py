"""The training step of examples/mlp/mlp.tenon in PyTorch eager: prints its median time in us.

usage: python spine_torch.py [STEPS]     (one thread, batch 32, Adam, the same data as spine.cpp)
"""
import sys
import time

import torch

torch.set_num_threads(1)
torch.manual_seed(1)
steps = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
model = torch.nn.Sequential(torch.nn.Linear(10, 100), torch.nn.ReLU(), torch.nn.Linear(100, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
x = torch.sin(torch.arange(320, dtype=torch.float32)).reshape(32, 10)
y = torch.sin(torch.arange(32, dtype=torch.float32)).reshape(32, 1)
times = []
for _ in range(steps):
    start = time.perf_counter()
    optimizer.zero_grad()
    torch.nn.functional.mse_loss(model(x), y).backward()
    optimizer.step()
    times.append(time.perf_counter() - start)
print(f"training-step {sorted(times)[len(times) // 2] * 1e6:.2f} us")
